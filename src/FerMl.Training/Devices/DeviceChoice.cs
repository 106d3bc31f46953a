using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace FerMl.Training;

/// <summary>Resolves device names.</summary>
internal static class DeviceChoice
{
    private const string Names = "auto, cpu, cuda, cuda:0 and so on, or mps";

    /// <summary>Whether a text is a valid device name; the device need not exist.</summary>
    public static bool IsName(string name) => name is "auto" or "cpu" or "cuda" or "mps" || CudaIndex(name) is not null;

    /// <exception cref="TrainingException">The name is invalid, or the device doesn't exist.</exception>
    public static Device Resolve(string name) => name switch
    {
        "auto" => cuda.is_available() ? CUDA : mps_is_available() ? MPS : CPU,
        "cpu" => CPU,
        "cuda" when cuda.is_available() => CUDA,
        "mps" when mps_is_available() => MPS,
        _ when CudaIndex(name) is { } index && index < cuda.device_count() => device(DeviceType.CUDA, index),
        _ when IsName(name) => throw new TrainingException(
            $"Device '{name}' isn't available: {(name == "mps" ? "this isn't an Apple computer with Metal" : CudaDevices)}. Use cpu."),
        _ => throw new TrainingException($"'{name}' isn't a device; expected {Names}."),
    };

    private static int? CudaIndex(string name) =>
        name.StartsWith("cuda:", StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static string CudaDevices =>
        $"libtorch sees {cuda.device_count()} CUDA devices; CUDA needs the package libtorch-cuda";
}
