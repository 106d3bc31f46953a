using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FerMl;

/// <summary>
/// Keeps ONNX Runtime from recording: since 1.29 its native library writes a device number and process events into the home folder at the
/// first session, to be sent later. FerMl looks at people's faces; nothing may be recorded or sent.
/// </summary>
internal static class Telemetry
{
    /// <summary>
    /// Runs when anything of FerMl's assembly is first used, and so also before a <c>PredictionEngine</c> opens the network of a saved
    /// model, since the step from image to pixels, which is FerMl's, comes before it. Who wants the telemetry sets the variable to 0.
    /// </summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "No call of FerMl's own comes before ML.NET opens a saved model.")]
    internal static void TurnOff() => NativeEnvironment.SetDefault("ORT_DISABLE_TELEMETRY", "1");
}
