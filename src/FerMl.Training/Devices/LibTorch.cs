using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace FerMl.Training;

/// <summary>
/// Locates and loads libtorch, TorchSharp's native library: from a NuGet package, or from PyTorch or a download, whose folder the
/// environment variable <c>FERML_LIBTORCH</c> names.
/// </summary>
internal static class LibTorch
{
    /// <summary>The variable that names a folder with libtorch's libraries, such as <c>torch/lib</c> of an installed PyTorch.</summary>
    public const string Variable = "FERML_LIBTORCH";

    /// <summary>The libraries in the order of their dependencies; those for CUDA are optional.</summary>
    private static readonly string[] Names = ["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"];

    private static readonly string[] SystemFolders =
        ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib", "/usr/lib64", "/usr/local/lib"];

    private static TrainingException? s_failure;

    /// <summary>
    /// Loads the libraries before TorchSharp is used, which would search for its own. The runtime may load TorchSharp as soon as it
    /// compiles a method that refers to it.
    /// </summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "No call of FerMl's own surely comes before the first use of TorchSharp.")]
    internal static void LoadNamed()
    {
        // Intel's OpenMP, part of libtorch for Windows, would end the process at Ctrl+C before .NET receives it.
        if (OperatingSystem.IsWindows())
            NativeEnvironment.SetDefault("FOR_DISABLE_CONSOLE_CTRL_HANDLER", "1");
        try
        {
            var named = Environment.GetEnvironmentVariable(Variable);
            Load(named, AppContext.BaseDirectory);
            if (string.IsNullOrWhiteSpace(named) && IsInstalledElsewhere(SystemFolders)
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("LD_LIBRARY_PATH"))
                    && TorchSharpFile() is { Length: > 0 } torchSharp
                && !File.Exists(Path.Combine(AppContext.BaseDirectory, FileOf("torch_cpu"))) && OfPackages(torchSharp) is { } folder)
                LoadAll(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that can't be read has no usable libtorch.
        }
        catch (TrainingException e)
        {
            // Programs that only use saved models don't need libtorch, so Require throws this instead.
            s_failure = e;
        }
    }

    /// <summary>Ensures that libtorch is loaded. Code that computes with libtorch calls this first.</summary>
    /// <exception cref="TrainingException">There is no libtorch, or it can't be loaded.</exception>
    public static void Require()
    {
        if (s_failure is not null)
            throw new TrainingException(s_failure.Message, s_failure);
        try
        {
            Touch();
        }
        catch (Exception e) when (e is TypeInitializationException or NotSupportedException or DllNotFoundException)
        {
            throw new TrainingException(
                "Training needs libtorch, the native library below TorchSharp, and it is missing or can't be loaded: add the package "
                    + $"libtorch-cpu-{Platform} (or TorchSharp-cuda-linux, TorchSharp-cuda-windows for an NVIDIA GPU) to the program, or "
                    + $"name the folder of another in {Variable}. Using saved models doesn't need it.", e);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Touch() => torch.zeros(1).Dispose();

    private static string Platform => OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";

    /// <summary>Loads the libraries from a folder, unless it is null or empty.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="program">The program's own folder, which must not contain another libtorch.</param>
    /// <exception cref="TrainingException">The folder has no libtorch, it can't be loaded, or the program has its own.</exception>
    internal static void Load(string? folder, string program)
    {
        if (string.IsNullOrWhiteSpace(folder))
            return;
        if (!File.Exists(Path.Combine(folder, FileOf("torch_cpu"))))
            throw new TrainingException(
                $"{Variable} is {folder}, where there is no {FileOf("torch_cpu")}; give the folder with libtorch's libraries, such as "
                    + $"torch/lib of an installed PyTorch.");
        var own = Path.Combine(program, FileOf("torch_cpu"));
        if (File.Exists(own) && Path.GetFullPath(own) != Path.GetFullPath(Path.Combine(folder, FileOf("torch_cpu"))))
            throw new TrainingException(
                $"{Variable} is {folder}, but the program brings a libtorch of its own ({own}), and one process can't have both. Unset the "
                    + $"variable, or publish the program without one (-p:LibTorch=external).");
        LoadAll(folder);
    }

    /// <summary>
    /// Whether the system has its own libtorch, such as that of Debian's python3-torch. TorchSharp would load it by name, whatever its
    /// version, if the matching libtorch isn't in the program's folder, as in notebooks.
    /// </summary>
    /// <param name="folders">The system's library folders, without those in LD_LIBRARY_PATH, which are the user's choice.</param>
    internal static bool IsInstalledElsewhere(IEnumerable<string> folders) => OperatingSystem.IsLinux()
        && folders.Any(folder => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "libtorch_cpu.so*").Any());

    /// <summary>The folder of the libtorch that belongs to a TorchSharp in NuGet's package folder; null if there is none.</summary>
    /// <param name="torchSharp">Path of the TorchSharp assembly: <c>packages/torchsharp/0.107.0/lib/net8.0/TorchSharp.dll</c>.</param>
    internal static string? OfPackages(string torchSharp)
    {
        var packages = Path.GetFullPath(Path.Combine(torchSharp, "../../../../.."));
        var libtorch = Path.Combine(packages, $"libtorch-cpu-{Platform}");
        return !Directory.Exists(libtorch) ? null : Directory.EnumerateDirectories(libtorch)
            .OrderDescending(NaturalOrder.Comparer).Select(version => Path.Combine(version, "runtimes", Platform, "native"))
            .FirstOrDefault(native => File.Exists(Path.Combine(native, FileOf("torch_cpu"))));
    }

    // A separate method, so that the runtime loads TorchSharp only when it runs.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string TorchSharpFile() => typeof(torch).Assembly.Location;

    private static void LoadAll(string folder)
    {
        foreach (var path in Names.Select(name => Path.Combine(folder, FileOf(name))).Where(File.Exists))
            try
            {
                NativeLibrary.Load(path);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                throw new TrainingException($"{path} can't be loaded: {e.Message}", e);
            }
    }

    private static string FileOf(string name) => OperatingSystem.IsWindows() ? $"{name}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";
}
