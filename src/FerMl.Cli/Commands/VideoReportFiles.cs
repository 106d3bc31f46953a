using System.Text.Json;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary>The files of a report about a video or photos: JSON, Markdown, and the timeline of a video with faces.</summary>
internal sealed class VideoReportFiles
{
    private readonly string _json, _markdown, _timeline;
    private readonly bool _overwrite;

    /// <param name="folder">Where they go.</param>
    /// <param name="name">What the first two are called: report, summary.</param>
    /// <param name="overwrite">Whether files that are there may be replaced.</param>
    /// <exception cref="IOException">One is there already and may not be replaced.</exception>
    public VideoReportFiles(string folder, string name, bool overwrite)
    {
        (_json, _markdown, _timeline, _overwrite) = (
            Path.Combine(folder, $"{name}.json"), Path.Combine(folder, $"{name}.md"), Path.Combine(folder, "timeline.svg"), overwrite);
        foreach (var file in (string[])[_json, _markdown, _timeline])
            AtomicFile.CheckFree(file, overwrite);
    }

    /// <summary>Writes them.</summary>
    /// <param name="report">What was seen.</param>
    /// <param name="markdown">The report as Markdown.</param>
    /// <param name="timelineTitle">What the timeline is called; null where there is none, as of photos.</param>
    public void Write(VideoReport report, string markdown, string? timelineTitle)
    {
        AtomicFile.WriteText(_json, JsonSerializer.Serialize(report, FerMlJson.Options) + "\n", _overwrite);
        AtomicFile.WriteText(_markdown, markdown, _overwrite);
        if (timelineTitle is not null && report.Faces.Count > 0)
            AtomicFile.WriteText(_timeline, FaceTimeline.ToSvg(timelineTitle, report.Faces), _overwrite);
        else if (_overwrite)
            // That of what was there before would be taken for this one's.
            File.Delete(_timeline);
    }
}
