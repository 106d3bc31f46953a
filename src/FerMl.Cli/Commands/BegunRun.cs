using System.Text.Json;

namespace FerMl.Cli.Commands;

/// <summary>Notes in a run's folder with what arguments it was begun, so that it can be gone on with.</summary>
internal static class BegunRun
{
    private const string FileName = "run.json";

    private sealed record Content(string[] Arguments);

    /// <param name="folder">The run's folder.</param>
    /// <param name="arguments">The command's arguments, one each.</param>
    /// <param name="pathOptions">Options followed by a path, which is written in full, or by a name.</param>
    public static void Write(string folder, IEnumerable<string> arguments, params string[] pathOptions)
    {
        var full = new List<string>();
        foreach (var argument in arguments)
            full.Add(full.Count > 0 && pathOptions.Contains(full[^1]) && IsPath(argument) ? Path.GetFullPath(argument) : argument);
        AtomicFile.Write(Path.Combine(folder, FileName), stream => JsonSerializer.Serialize(stream, new Content([.. full]), FerMlJson.Options), overwrite: true);
    }

    /// <summary>Whether it isn't the name of something that comes with FerMl. A file or folder of that name comes first.</summary>
    private static bool IsPath(string argument) => argument != SyntheticFaces.Name && (Path.Exists(argument) || ShippedModels.Find(argument) is null);

    /// <summary>The arguments that a run was begun with.</summary>
    /// <exception cref="IOException">The folder holds no run.</exception>
    public static string[] Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new IOException($"{path} is missing: there is no run in {folder} to go on with; begin one with --data and --out.");
        try
        {
            var begun = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), FerMlJson.Options);
            return begun?.Arguments ?? throw new JsonException("it lacks the arguments");
        }
        catch (JsonException e)
        {
            throw new IOException($"{path} can't be read ({e.Message}); begin the training again with --overwrite.", e);
        }
    }
}
