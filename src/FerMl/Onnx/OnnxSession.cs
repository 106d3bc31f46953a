using Microsoft.ML.OnnxRuntime;

namespace FerMl;

/// <summary>Opens networks in ONNX Runtime with common settings.</summary>
internal static class OnnxSession
{
    /// <summary>Opens a network. The caller owns the session.</summary>
    /// <param name="onnx">The validated network.</param>
    /// <param name="threads">
    /// Number of threads per call. Small networks are fastest on one; callers with many faces make calls in parallel.
    /// </param>
    /// <exception cref="OnnxRuntimeException">The network can't be run.</exception>
    public static InferenceSession Open(byte[] onnx, int threads = 1)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        OnnxMemory.Limit(options);
        return new InferenceSession(onnx, options);
    }
}
