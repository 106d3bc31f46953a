#!/usr/bin/env bash
# Runs the .NET kernel for Jupyter. Jupyter interrupts a cell with SIGINT to the kernel's process group, which would end the kernel and lose all
# variables. So the kernel ignores SIGINT, and gets SIGCONT instead, which stops a training of FerMl and nothing else.
export PATH="$PATH:$HOME/.dotnet/tools"
# The packages of the checkout that set the kernel up are one more source for NuGet.
export RestoreAdditionalProjectSources="${RestoreAdditionalProjectSources:-@packages@}"
(trap '' INT; exec "$@") &
kernel=$!
# To the whole group: the kernel is started by another program.
trap 'kill -CONT 0' INT
trap 'kill -TERM "$kernel"' TERM
while kill -0 "$kernel" 2>/dev/null; do
    wait "$kernel"
done
