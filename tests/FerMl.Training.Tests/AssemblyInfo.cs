// Live tensors, seeds and threads are process-wide, so these tests run sequentially.
[assembly: NonParallelizable]
