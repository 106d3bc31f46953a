using System.Text.Json;

namespace FerMl.Cli.Commands;

/// <summary>Records in a run's folder with what arguments it was begun, so that it can be resumed.</summary>
internal static class RunManifest
{
    private const string FileName = "run.json";

    /// <summary>What options were called in earlier versions.</summary>
    private static readonly Dictionary<string, string> FormerOptions = new()
    {
        ["--averaging"] = "--test-time-augmentation",
        ["--start-side"] = "--initial-image-size",
        ["--weight-average"] = "--ema",
        ["--start-from"] = "--initialize-from",
    };

    private sealed record Content(string[] Arguments);

    /// <param name="folder">The run's folder.</param>
    /// <param name="arguments">The command's arguments, one each.</param>
    /// <param name="pathOptions">Options followed by a path, which is written in full, or by a name.</param>
    public static void Write(string folder, IEnumerable<string> arguments, params string[] pathOptions)
    {
        var full = new List<string>();
        foreach (var argument in arguments)
            full.Add(full.Count > 0 && pathOptions.Contains(full[^1]) && IsPath(argument) ? Path.GetFullPath(argument) : argument);
        AtomicFile.Write(Path.Combine(folder, FileName),
            stream => JsonSerializer.Serialize(stream, new Content([.. full]), FerMlJson.Options), overwrite: true);
    }

    /// <summary>Whether it isn't the name of something that comes with FerMl. A file or folder of that name comes first.</summary>
    private static bool IsPath(string argument) =>
        argument != SyntheticFaces.Name && (Path.Exists(argument) || !PretrainedModels.Names.Contains(argument));

    /// <summary>Forgets an earlier run in a folder, in which there is now one that can't be resumed.</summary>
    /// <param name="folder">The folder.</param>
    public static void Forget(string folder) => File.Delete(Path.Combine(folder, FileName));

    /// <summary>The arguments that a run was begun with.</summary>
    /// <exception cref="IOException">The folder holds no run.</exception>
    public static string[] Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new IOException($"{path} is missing: there is no run in {folder} to resume; begin one with --data and --out.");
        try
        {
            var begun = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), FerMlJson.Options);
            return begun?.Arguments is { } arguments
                ? [.. arguments.Select(argument => FormerOptions.GetValueOrDefault(argument, argument))]
                : throw new JsonException("it lacks the arguments");
        }
        catch (JsonException e)
        {
            throw new IOException($"{path} can't be read ({e.Message}); begin the training again with --overwrite.", e);
        }
    }
}
