using Microsoft.ML.OnnxRuntime;

namespace FerMl;

/// <summary>
/// Limits the memory of networks: all of them share one pool with a maximum size, so that an untrusted network can't exhaust memory.
/// </summary>
internal static class OnnxMemory
{
    /// <summary>
    /// Maximum size of the pool in bytes. Sixteen faces take 100 MB in the largest network, and a call runs at most
    /// <see cref="EmotionPredictor.MaxBatches"/> such batches concurrently.
    /// </summary>
    public const uint MaxBytes = 3u << 30;

    private static readonly Lazy<bool> Registered = new(() =>
    {
        // Grow by the requested size; the other values are ONNX Runtime's defaults.
        using var pool = new OrtArenaCfg(MaxBytes, 1, -1, -1);
        using var memory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
        try
        {
            OrtEnv.Instance().CreateAndRegisterAllocator(memory, pool);
        }
        catch (OnnxRuntimeException)
        {
            // The program has registered its own pool, which is then shared.
        }
        return true;
    });

    /// <summary>Makes a session use the pool.</summary>
    public static void Limit(SessionOptions options)
    {
        _ = Registered.Value;
        options.AddSessionConfigEntry("session.use_env_allocators", "1");
    }
}
