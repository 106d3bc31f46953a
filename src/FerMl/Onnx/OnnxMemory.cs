using Microsoft.ML.OnnxRuntime;

namespace FerMl;

/// <summary>
/// The memory that networks compute in: one pool for all of FerMl's, with an end, so that a network from anywhere can't take all there is.
/// </summary>
internal static class OnnxMemory
{
    /// <summary>
    /// The most that all networks together take: sixteen faces of the largest take 100 MB, and no more than
    /// <see cref="EmotionPredictor.MaxBatches"/> such batches are under way in a call.
    /// </summary>
    public const uint MaxBytes = 3u << 30;

    private static readonly Lazy<bool> Registered = new(() =>
    {
        // Grow by what is asked for; the other numbers are ONNX Runtime's own.
        using var pool = new OrtArenaCfg(MaxBytes, 1, -1, -1);
        using var memory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
        try
        {
            OrtEnv.Instance().CreateAndRegisterAllocator(memory, pool);
        }
        catch (OnnxRuntimeException)
        {
            // The program has a pool of its own there, which is shared then.
        }
        return true;
    });

    /// <summary>Has a session compute in the pool.</summary>
    public static void Limit(SessionOptions options)
    {
        _ = Registered.Value;
        options.AddSessionConfigEntry("session.use_env_allocators", "1");
    }
}
