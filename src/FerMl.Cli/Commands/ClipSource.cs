using System.CommandLine;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary>Opens what <c>--data</c> names as clips.</summary>
internal static class ClipSource
{
    /// <summary>Frames of drawn clips: more than models look at, as in videos.</summary>
    private const int DrawnFrames = 32;

    /// <summary>
    /// A folder of clips; 'synthetic', drawn faces that move; or a file of single faces, of each of which a clip is made in which things go
    /// wrong.
    /// </summary>
    /// <param name="data">The option that names it.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="frames">Frames of clips that are made.</param>
    /// <param name="terminal">Where to say what was found.</param>
    /// <param name="cancellation">Stops the reading of videos.</param>
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

    /// <summary>A clip whose emotion isn't known: a folder of frames, or a video.</summary>
    /// <param name="path">The folder, or the video.</param>
    /// <param name="createDetector">Makes what finds the face in a video.</param>
    /// <param name="cancellation">Stops the reading of a video.</param>
    /// <exception cref="FerDataException">There is none.</exception>
    public static FaceClip One(string path, Func<IFaceDetector> createDetector, CancellationToken cancellation) =>
        !Directory.Exists(path) && !File.Exists(path)
            ? throw new FerDataException($"{path}: no such folder of frames and no such video.")
            // The label is asked of nobody.
            : new FaceClip(path, Emotion.Neutral, Usage.PublicTest, () => Directory.Exists(path) ? ClipFolder.FramesOf(path)
                : ReadVideo(path, createDetector, cancellation));

    private static IReadOnlyList<byte[]> ReadVideo(string path, Func<IFaceDetector> createDetector, CancellationToken cancellation)
    {
        using var detector = createDetector();
        return VideoClip.Read(path, detector, cancellationToken: cancellation);
    }
}
