using System.Text.Json;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary>The files of a report about a video or photos: JSON, Markdown and, for a video with faces, a timeline.</summary>
internal sealed class VideoReportFiles
{
    private readonly string _json, _markdown, _timeline;
    private readonly bool _overwrite;

    /// <param name="folder">The output folder.</param>
    /// <param name="name">Name of the JSON and Markdown files without extension: report or summary.</param>
    /// <param name="overwrite">Whether existing files may be replaced.</param>
    /// <exception cref="IOException">A file exists and may not be replaced.</exception>
    public VideoReportFiles(string folder, string name, bool overwrite)
    {
        (_json, _markdown, _timeline, _overwrite) = (
            Path.Combine(folder, $"{name}.json"), Path.Combine(folder, $"{name}.md"), Path.Combine(folder, "timeline.svg"), overwrite);
        foreach (var file in (string[])[_json, _markdown, _timeline])
            AtomicFile.CheckFree(file, overwrite);
    }

    /// <summary>Writes the files.</summary>
    /// <param name="report">The report.</param>
    /// <param name="markdown">The report as Markdown.</param>
    /// <param name="timelineTitle">Title of the timeline; null if there is none, as for photos.</param>
    public void Write(VideoReport report, string markdown, string? timelineTitle)
    {
        AtomicFile.WriteText(_json, JsonSerializer.Serialize(report, FerMlJson.Options) + "\n", _overwrite);
        AtomicFile.WriteText(_markdown, markdown, _overwrite);
        if (timelineTitle is not null && report.Faces.Count > 0)
            AtomicFile.WriteText(_timeline, FaceTimeline.ToSvg(timelineTitle, report.Faces), _overwrite);
        else if (_overwrite)
            // A timeline of an earlier report would be mistaken for this one's.
            File.Delete(_timeline);
    }
}
