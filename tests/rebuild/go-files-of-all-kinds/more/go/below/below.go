// Package below lies in a folder of the module.
package below

// Text is a text.
func Text() string { return "" }
