using System.CommandLine;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary>Opens the data of <c>--data</c> as clips.</summary>
internal static class ClipSource
{
    /// <summary>Frames per synthetic clip: more than a model processes, as in videos.</summary>
    private const int DrawnFrames = 32;

    /// <summary>
    /// Opens a folder of clips; 'synthetic' for rendered moving faces; or a file of single faces, each of which becomes a noisy clip.
    /// </summary>
    /// <param name="data">The option with the data.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="frames">Frames per generated clip.</param>
    /// <param name="terminal">Where to print remarks.</param>
    /// <param name="cancellation">Cancels the reading of videos.</param>
    public static ClipDataset Open(DataSource data, ParseResult parsed, int frames, Terminal terminal, CancellationToken cancellation)
    {
        var path = parsed.GetRequiredValue(data.Path);
        if ((path == SyntheticFaces.Name || Directory.Exists(path)) && data.Reading(parsed) is var reading
            && (reading.Annotation == Annotation.FerPlus || reading.VotesPath is not null))
            throw new FerDataException($"{path}: clips have no votes; leave out --annotation and --votes.");
        if (path == SyntheticFaces.Name)
            return SyntheticClips.Create(frames: Math.Max(DrawnFrames, frames));
        if (!Directory.Exists(path))
            return NoisyClips.Of(data.Open(parsed, terminal), frames);
        var clips = ClipFolder.Load(
            path, data.Reading(parsed), video => ReadVideo(video, () => new CnnFaceDetector(CnnDetectorOptions.ForVideo), cancellation));
        foreach (var remark in clips.Remarks)
            terminal.WriteLine($"{clips.Source}: {remark}");
        return clips;
    }

    /// <summary>A clip without a known label: a folder of frames, or a video.</summary>
    /// <param name="path">The folder, or the video.</param>
    /// <param name="createDetector">Creates the detector for the face in a video.</param>
    /// <param name="cancellation">Cancels the reading of a video.</param>
    /// <exception cref="FerDataException">There is no such folder or video.</exception>
    public static FaceClip One(string path, Func<IFaceDetector> createDetector, CancellationToken cancellation) =>
        !Directory.Exists(path) && !File.Exists(path)
            ? throw new FerDataException($"{path}: no such folder of frames and no such video.")
            // The label is a placeholder and isn't used.
            : new FaceClip(path, Emotion.Neutral, Usage.PublicTest, () => Directory.Exists(path) ? ClipFolder.FramesOf(path)
                : ReadVideo(path, createDetector, cancellation));

    private static IReadOnlyList<byte[]> ReadVideo(string path, Func<IFaceDetector> createDetector, CancellationToken cancellation)
    {
        using var detector = createDetector();
        return VideoClip.Read(path, detector, cancellationToken: cancellation);
    }
}
