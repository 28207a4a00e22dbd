//go:build !amd64 || purego

package main

const useGFNI = false
