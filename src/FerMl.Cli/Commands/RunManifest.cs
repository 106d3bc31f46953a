using System.Text.Json;

namespace FerMl.Cli.Commands;

/// <summary>Stores the arguments of a run in its folder, so that it can be resumed.</summary>
internal static class RunManifest
{
    private const string FileName = "run.json";

    /// <summary>Former option names, in manifests of earlier versions.</summary>
    private static readonly Dictionary<string, string> FormerOptions = new()
    {
        ["--averaging"] = "--test-time-augmentation",
        ["--start-side"] = "--initial-image-size",
        ["--weight-average"] = "--ema",
        ["--start-from"] = "--initialize-from",
    };

    private sealed record Content(string[] Arguments);

    /// <param name="folder">The run's folder.</param>
    /// <param name="arguments">The command-line arguments.</param>
    /// <param name="pathOptions">Options whose value is a path, stored as a full path, or a name.</param>
    public static void Write(string folder, IEnumerable<string> arguments, params string[] pathOptions)
    {
        var full = new List<string>();
        foreach (var argument in arguments)
            full.Add(full.Count > 0 && pathOptions.Contains(full[^1]) && IsPath(argument) ? Path.GetFullPath(argument) : argument);
        AtomicFile.Write(Path.Combine(folder, FileName),
            stream => JsonSerializer.Serialize(stream, new Content([.. full]), FerMlJson.Options), overwrite: true);
    }

    /// <summary>Whether an argument is a path and not a name built into FerMl. An existing file or folder takes precedence.</summary>
    private static bool IsPath(string argument) =>
        argument != SyntheticFaces.Name && (Path.Exists(argument) || !PretrainedModels.Names.Contains(argument));

    /// <summary>Deletes the manifest of an earlier run from a folder whose new run can't be resumed.</summary>
    /// <param name="folder">The folder.</param>
    public static void Forget(string folder) => File.Delete(Path.Combine(folder, FileName));

    /// <summary>Reads the arguments of a run.</summary>
    /// <exception cref="IOException">The folder contains no run, or its manifest can't be read.</exception>
    public static string[] Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new IOException($"{path} is missing: there is no run in {folder} to resume; start one with --data and --out.");
        try
        {
            var begun = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), FerMlJson.Options);
            return begun?.Arguments is { } arguments
                ? [.. arguments.Select(argument => FormerOptions.GetValueOrDefault(argument, argument))]
                : throw new JsonException("the arguments are missing");
        }
        catch (JsonException e)
        {
            throw new IOException($"{path} can't be read ({e.Message}); restart the training with --overwrite.", e);
        }
    }
}
