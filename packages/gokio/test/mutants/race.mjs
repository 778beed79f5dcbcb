/** Wrong races. */
const tests = ["kernel/race.test.ts"];
const file = "kernel/race.ts";

export const mutants = [
  {
    name: "a link that throws leaves the branches before it linked",
    file,
    find: "        this.#unlinkAllBut(undefined);\n        this.#op.unlinked();",
    replace: "        this.#op.unlinked();",
    tests,
  },
  {
    name: "a link that throws forgets who stood behind the branches before it",
    file,
    find: "        this.#op.unlinked();\n",
    replace: "",
    tests,
  },
  {
    name: "what remains of the losers is not waited for",
    file,
    find: "if (remains === undefined) this.#tellOuter",
    replace: "if (remains !== this) this.#tellOuter",
    tests,
  },
  {
    name: "the outer waiter can be cancelled while something remains",
    file,
    find: "      this.outer?.commit();\n      remains.whenGone",
    replace: "      remains.whenGone",
    tests,
  },
  {
    name: "a commit leaves the losers linked",
    file,
    find: "    this.#unlinkAllBut(winner);\n    this.outer?.commit();",
    replace: "    this.outer?.commit();",
    tests,
  },
  {
    name: "a commit forgets who stood behind the losers",
    file,
    find: "    this.outer?.commit();\n    this.#serveAllBut(winner);",
    replace: "    this.outer?.commit();",
    tests,
  },
  {
    name: "a race that was abandoned tells the outcome all the same",
    file,
    find: "    this.outer = undefined;\n",
    replace: "",
    tests,
  },
  {
    name: "what `won` throws is lost",
    file,
    find: "    } catch (error) {\n      outer?.fail(error);\n    }",
    replace: "    } catch {\n      outer?.wake(undefined);\n    }",
    tests,
  },
];
