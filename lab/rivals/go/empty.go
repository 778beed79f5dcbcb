// empty: the runtime is started, and nothing else is done. Its memory is what is taken off that of the headline.

package main

func init() {
	register("empty", workload{cold: true, run: func(int, params) (sample, error) {
		values := map[string]any{}
		addMemory(values, "parked", residentBytes)
		addMemory(values, "peak", peakBytes)
		return sample{check: "0", values: values}, nil
	}})
}

// addMemory leaves out what the system does not say.
func addMemory(values map[string]any, name string, read func() (int, error)) {
	if bytes, err := read(); err == nil {
		values[name] = bytes
	}
}
