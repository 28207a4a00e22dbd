// Package other lies outside of the module that uses it.
package other

// Number is a number.
func Number() int { return 3 }
