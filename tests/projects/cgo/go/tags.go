package main

var tags = tagOfScript + tagOfUser
