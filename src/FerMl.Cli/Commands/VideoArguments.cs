using System.CommandLine;
using FerMl.Vision;

namespace FerMl.Cli.Commands;

/// <summary>Options shared by the commands that read videos.</summary>
internal static class VideoArguments
{
    /// <summary><c>--smoothing</c>.</summary>
    public static Option<double> Smoothing() => new Option<double>("--smoothing")
    {
        Description = "Seconds over which a face's scores are averaged.",
        DefaultValueFactory = _ => new TrackingOptions().SmoothingSeconds,
        HelpName = "s",
    }.Between(0, 60);

    /// <summary><c>--frames</c>.</summary>
    public static Option<long?> Frames() => new Option<long?>("--frames")
    {
        Description = "Maximum number of frames or photos to read.",
        HelpName = "n",
    }.AtLeast(1);
}
