# make run    the demo company in a browser, at http://127.0.0.1:8080 (PORT=… and ADDR=… to choose)
# make test   everything that CI checks, on both databases and in a real browser
# make bench  the figures of BENCHMARKS.md, measured on this machine
# make help   these lines
.PHONY: help run test bench clean
.DEFAULT_GOAL := help

help:
	@sed -n '1,4s/^# //p' Makefile

run:
	@bash tests/scripts/run

test:
	@bash tests/scripts/test

bench:
	@bash tests/scripts/bench

clean:
	rm -rf target web/dist web/node_modules
