using System.Runtime.InteropServices;

namespace FerMl.Training;

/// <summary>Capabilities of a CUDA device, from NVIDIA's driver, since TorchSharp doesn't expose them.</summary>
internal static class CudaCapability
{
    // cuda.h: CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR.
    private const int ComputeCapabilityMajor = 75;

    /// <summary>Whether a device has fast bfloat16: compute capability 8.0 or higher (CUDA C++ Programming Guide, table 21).</summary>
    public static bool HasFastBFloat16(int device)
    {
        try
        {
            return (OperatingSystem.IsWindows() ? MajorOnWindows(device) : Major(device)) >= 8;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    private static int Major(int device) =>
        Initialize(0) == 0 && Device(out var handle, device) == 0
        && Attribute(out var value, ComputeCapabilityMajor, handle) == 0 ? value : 0;

    private static int MajorOnWindows(int device) =>
        InitializeOnWindows(0) == 0 && DeviceOnWindows(out var handle, device) == 0
        && AttributeOnWindows(out var value, ComputeCapabilityMajor, handle) == 0 ? value : 0;

    [DllImport("libcuda.so.1", EntryPoint = "cuInit")]
    private static extern int Initialize(uint flags);

    [DllImport("libcuda.so.1", EntryPoint = "cuDeviceGet")]
    private static extern int Device(out int handle, int ordinal);

    [DllImport("libcuda.so.1", EntryPoint = "cuDeviceGetAttribute")]
    private static extern int Attribute(out int value, int attribute, int handle);

    [DllImport("nvcuda.dll", EntryPoint = "cuInit")]
    private static extern int InitializeOnWindows(uint flags);

    [DllImport("nvcuda.dll", EntryPoint = "cuDeviceGet")]
    private static extern int DeviceOnWindows(out int handle, int ordinal);

    [DllImport("nvcuda.dll", EntryPoint = "cuDeviceGetAttribute")]
    private static extern int AttributeOnWindows(out int value, int attribute, int handle);
}
