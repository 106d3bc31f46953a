using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FerMl;

/// <summary>
/// Disables ONNX Runtime's telemetry. Since 1.29, its native library writes a device ID and process events to the home folder at the first
/// session, to be sent later. FerMl processes people's faces, so nothing may be recorded or sent.
/// </summary>
internal static class Telemetry
{
    /// <summary>
    /// Runs at the first use of FerMl's assembly. That is also before a <c>PredictionEngine</c> opens a saved model's network, since
    /// FerMl's own transform from image to pixels precedes it. To enable telemetry, set the variable to 0.
    /// </summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "No call of FerMl's own comes before ML.NET opens a saved model.")]
    internal static void TurnOff() => NativeEnvironment.SetDefault("ORT_DISABLE_TELEMETRY", "1");
}
