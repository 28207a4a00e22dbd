module example.com/rust2go-calls

go 1.21
