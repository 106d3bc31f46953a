// Processes of their own, builds, packages and windows take time: eng/test.sh --fast leaves them out.
[assembly: Category("Slow")]
