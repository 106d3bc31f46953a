// Live tensors, seeds and threads belong to the process, so its tests run one after the other.
[assembly: NonParallelizable]
