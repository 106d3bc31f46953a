// These tests start processes, builds and windows, which takes time: eng/test.sh --fast leaves them out.
[assembly: Category("Slow")]
