#!/usr/bin/env bash
# Runs a Jupyter kernel. Jupyter interrupts a cell by SIGINT to the kernel and all its processes, which would end .NET's kernel with all variables:
# here the kernel ignores it, and is told by SIGCONT, which stops a training of FerMl and nothing else.
(trap '' INT; exec "$@") &
kernel=$!
# To the whole group: the kernel is started by another program.
trap 'kill -CONT 0' INT
trap 'kill -TERM "$kernel"' TERM
while kill -0 "$kernel" 2>/dev/null; do
    wait "$kernel"
done
