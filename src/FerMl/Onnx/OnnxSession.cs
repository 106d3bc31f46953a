using Microsoft.ML.OnnxRuntime;

namespace FerMl;

/// <summary>Opens networks in ONNX Runtime, all in the same way.</summary>
internal static class OnnxSession
{
    /// <summary>Opens a network. The session is the caller's.</summary>
    /// <param name="onnx">The network, checked.</param>
    /// <param name="threads">
    /// Threads that one call computes on. Small networks are fastest on one; callers that have many faces run many calls at once.
    /// </param>
    /// <exception cref="OnnxRuntimeException">It can't be run.</exception>
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
