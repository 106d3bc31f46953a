namespace FerMl.Vision;

/// <summary>Locates OpenCV's cascade files on this machine.</summary>
public static class CascadeFile
{
    /// <summary>The maximum file size, larger than any of OpenCV's cascades.</summary>
    internal const long MaxBytes = 32 << 20;

    private static readonly string[] NextToProgram = [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "haarcascades")];

    private static readonly string[] OfTheSystem =
    [
        "/usr/share/opencv4/haarcascades",
        "/usr/local/share/opencv4/haarcascades",
        "/usr/share/opencv/haarcascades",
        "/opt/homebrew/share/opencv4/haarcascades",
        "/usr/local/opt/opencv/share/opencv4/haarcascades",
    ];

    /// <summary>Locates a cascade by its path, or by its name next to the program and in the system's OpenCV data.</summary>
    /// <param name="cascade">A path, or a name: <c>alt2</c> and <c>haarcascade_frontalface_alt2.xml</c> are the same.</param>
    /// <exception cref="VisionException">The cascade isn't found; the message lists the folders searched and how to get it.</exception>
    public static string Find(string cascade)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(cascade);
        if (File.Exists(cascade))
            return cascade;
        if (Path.GetFileName(cascade) != cascade)
            throw new VisionException($"{cascade}: no such file; give the path of an .xml file from OpenCV, or a name such as alt2.");
        var name = cascade.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) ? cascade : $"haarcascade_frontalface_{cascade}.xml";
        return NextToProgram.Concat(OfTheSystem).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new VisionException(
                $"The face cascade '{cascade}' is neither a file nor, as {name}, next to the program or in "
                    + $"{string.Join(", ", OfTheSystem)}. Install it (on Debian and Ubuntu: apt-get install opencv-data, as "
                        + "eng/setup.sh does), copy it from OpenCV's data/haarcascades next to the program, or give its path.");
    }
}
