module gokio-lab-go

go 1.25
