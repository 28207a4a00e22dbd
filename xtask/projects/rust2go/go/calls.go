package main

type calls struct{}

func init() {
	CallsImpl = calls{}
}

func (calls) add(a, b int32) int32 {
	return a + b
}

func (calls) add_async(a, b int32) int32 {
	return a + b
}
