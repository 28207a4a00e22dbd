module example.com/hello

go 1.21

require example.com/other v0.0.0

replace example.com/other => ../other
