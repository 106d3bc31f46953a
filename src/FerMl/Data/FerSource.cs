using System.Formats.Tar;
using System.IO.Compression;

namespace FerMl;

/// <summary>Detects the format of a path from its content, and reads it with the matching reader.</summary>
internal static class FerSource
{
    private const int MaxArchiveEntries = 1_000_000;
    private const int TarHeaderLength = 512;

    public static FerDataset Read(string path, FerLoadOptions options)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        var builder = new FerDatasetBuilder(name, options);
        try
        {
            if (Directory.Exists(path))
                ReadFolder(path, builder);
            else if (File.Exists(path))
                ReadFile(path, builder);
            else
                throw new FerDataException(
                    $"{path}: no such file or folder; give fer2013.csv, a .zip or .gz of it, or a folder of images per label.");
        }
        catch (InvalidDataException e) when (e.Message.Contains("was compressed using", StringComparison.Ordinal))
        {
            throw new FerDataException(
                $"{path}: the archive's compression method isn't supported (only Deflate or none; not LZMA, BZip2 or Zstandard); unpack "
                    + $"it and give its content.", e);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new FerDataException($"{path}: the archive is damaged or cut short ({e.Message}); fetch it again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FerDataException($"{path}: can't be read: {e.Message}", e);
        }
        return builder.Build();
    }

    private static void ReadFolder(string path, FerDatasetBuilder builder)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        // The given folder may be the "train" or the "happy" of the layout, so its own name and its parent's count too.
        var above = Path.GetDirectoryName(Path.GetDirectoryName(root)) ?? Path.GetPathRoot(root)!;
        var folder = new ImageFolder(root);
        foreach (var problem in folder.Problems)
            builder.Problems.Add(problem with { Source = Path.GetRelativePath(root, problem.Source) });
        ReadImages([.. folder.Images.Select(EntryOf)], [.. folder.LabelFiles.Select(EntryOf)], folder.LeftOutByEnding, builder);

        ImageEntry EntryOf(string file) =>
            new(Path.GetRelativePath(above, file), Path.GetRelativePath(root, file), () => RegularFile.OpenRead(file));
    }

    /// <param name="images">The images.</param>
    /// <param name="tables">Files that may contain their labels.</param>
    /// <param name="others">Number of files without an image extension, by extension, including those tables.</param>
    /// <param name="builder">Receives the faces.</param>
    private static void ReadImages(
        ImageEntry[] images, ImageEntry[] tables, IReadOnlyDictionary<string, int> others, FerDatasetBuilder builder)
    {
        var votes = FerPlusFolder.Find(tables, images, builder.Options);
        var list = votes is null ? ImageList.Find(tables, images, builder.Options) : null;
        var leftOut = others.Select(kind => (kind.Key, Count: kind.Value
            - (kind.Key == ".csv" ? votes?.LabelFiles ?? 0 : 0) - (kind.Key == list?.Ending ? 1 : 0)))
            .Where(kind => kind.Count > 0).ToDictionary(kind => kind.Key, kind => kind.Count);
        if (ImageFolder.LeftOutOf(leftOut) is { } remark)
            builder.Remarks.Add(remark);
        if (votes is not null && images.Length > 0)
            votes.Read(images, builder);
        else if (list is not null)
            list.Read(images, builder);
        else
            ImageFolderReader.Read(images, builder);
    }

    private static void ReadFile(string path, FerDatasetBuilder builder)
    {
        using var file = RegularFile.OpenRead(path, 1 << 16);
        Span<byte> magic = stackalloc byte[TarHeaderLength];
        var length = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        magic = magic[..length];
        file.Position = 0;
        if (length == 0)
            throw new FerDataException($"{path}: the file is empty.");
        if (magic is [0x50, 0x4B, ..])
            ReadZip(file, path, builder);
        else if (magic is [0x1F, 0x8B, ..])
        {
            if (IsTar(file))
            {
                ReadTar(() => new GZipStream(file, CompressionMode.Decompress, leaveOpen: true), file, path, builder);
                return;
            }
            using var text = new GZipStream(file, CompressionMode.Decompress);
            FerCsvReader.Read(Limited(text, path, builder.Options), () => (double)file.Position / file.Length, builder);
        }
        else if (IsTar(magic))
            ReadTar(() => new LimitedStream(file, long.MaxValue, () => TooLong(path, null, builder.Options)), file, path, builder);
        else
        {
            builder.Expect(file.Length / FerCsvReader.UsualRowBytes);
            FerCsvReader.Read(Limited(file, path, builder.Options), () => (double)file.Position / file.Length, builder);
        }
    }

    /// <summary>Whether a gzip file contains a tar archive. Resets the stream's position.</summary>
    private static bool IsTar(FileStream gzip)
    {
        Span<byte> header = stackalloc byte[TarHeaderLength];
        using var content = new GZipStream(gzip, CompressionMode.Decompress, leaveOpen: true);
        var length = content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        gzip.Position = 0;
        return IsTar(header[..length]);
    }

    /// <summary>POSIX.1-1988: the signature "ustar" at byte 257, which GNU archives have too.</summary>
    private static bool IsTar(ReadOnlySpan<byte> header) => header.Length == TarHeaderLength && header[257..].StartsWith("ustar"u8);

    /// <summary>
    /// Reads the table in a tar archive, such as Kaggle's fer2013.tar.gz: the first with a known name, otherwise the only one.
    /// </summary>
    /// <param name="open">Opens the archive from its beginning.</param>
    /// <param name="file">The archive file.</param>
    /// <param name="path">Its path.</param>
    /// <param name="builder">Receives the faces.</param>
    private static void ReadTar(Func<Stream> open, FileStream file, string path, FerDatasetBuilder builder)
    {
        var names = new List<string>();
        ForEachEntry(entry =>
        {
            if (entry.DataStream is not null && !Path.GetFileName(entry.Name).StartsWith('.'))
                names.Add(entry.Name);
            return true;
        });
        if (ChooseCsv(names, path) is not { } chosen)
            throw new FerDataException($"{path}: the archive holds no CSV file; unpack it and give the folder, if it holds images.");
        ForEachEntry(entry =>
        {
            if (entry.Name != chosen || entry.DataStream is not { } text)
                return true;
            FerCsvReader.Read(text, () => (double)file.Position / file.Length, builder);
            return false;
        });

        void ForEachEntry(Func<TarEntry, bool> wantsMore)
        {
            file.Position = 0;
            using var content = open();
            using var tar = new TarReader(new LimitedStream(content, builder.Options.MaxBytes, () => TooLong(path, null, builder.Options)));
            for (var count = 0; tar.GetNextEntry() is { } entry && wantsMore(entry); count++)
                if (count == MaxArchiveEntries)
                    throw new FerDataException($"{path}: the archive has more than {MaxArchiveEntries.Grouped()} files.");
        }
    }

    private static void ReadZip(FileStream file, string path, FerDatasetBuilder builder)
    {
        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        if (zip.Entries.Count > MaxArchiveEntries)
            throw new FerDataException(
                $"{path}: the archive has {zip.Entries.Count.Counted("file")}, more than the {MaxArchiveEntries.Grouped()} accepted.");
        var entries = zip.Entries.Where(entry => !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal)).ToArray();
        if (entries.FirstOrDefault(entry => entry.IsEncrypted) is { } locked)
            throw new FerDataException(
                $"{path}: {locked.FullName} is encrypted; unpack the archive with its password, and give its content.");
        if (ChooseCsv([.. entries.Select(entry => entry.FullName)], path) is { } table
            && entries.First(entry => entry.FullName == table) is var csv)
        {
            if (csv.Length > builder.Options.MaxBytes)
                throw TooLong($"{path}, {csv.FullName}", csv.Length, builder.Options);
            builder.Expect(csv.Length / FerCsvReader.UsualRowBytes);
            using var text = csv.Open();
            FerCsvReader.Read(Limited(text, $"{path}, {csv.FullName}", builder.Options), () => (double)file.Position / file.Length,
                builder);
            return;
        }
        var images = entries
            .Where(entry => ImageDecoder.HasImageExtension(entry.FullName))
            .OrderBy(entry => entry.FullName, StringComparer.Ordinal)
            .Select(entry => new ImageEntry(entry.FullName, entry.FullName, entry.Open))
            .ToArray();
        if (images.Length == 0)
            throw new FerDataException(
                $"{path}: the archive holds neither fer2013.csv nor images ({string.Join(", ", ImageDecoder.Extensions)}).");
        var others = entries.Where(entry => entry.Name is not ("" or ['.', ..]) && !ImageDecoder.HasImageExtension(entry.FullName));
        var tables = entries
            .Where(entry => FerPlusFolder.IsLabelFile(entry.FullName) || ImageList.IsListFile(entry.FullName))
            .Select(entry => new ImageEntry(entry.FullName, entry.FullName, entry.Open));
        ReadImages(images, [.. tables], others.CountBy(entry => ImageFolder.EndingOf(entry.Name)).ToDictionary(), builder);
    }

    /// <summary>The table in an archive: the first with a known name, otherwise the only one, if there are no images.</summary>
    /// <exception cref="FerDataException">There are several tables.</exception>
    private static string? ChooseCsv(IReadOnlyList<string> names, string path)
    {
        var tables = names.Where(name => name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)).ToArray();
        foreach (var known in (ReadOnlySpan<string>)["fer2013.csv", "icml_face_data.csv"])
            if (tables.FirstOrDefault(name => NameOf(name).Equals(known, StringComparison.OrdinalIgnoreCase)) is { } found)
                return found;
        // With images, a table of another name isn't the data.
        if (names.Any(ImageDecoder.HasImageExtension))
            return null;
        if (tables.Length > 1)
            throw new FerDataException(
                $"{path}: holds {tables.Length} CSV files ({string.Join(", ", tables.Take(4))}), none named fer2013.csv or "
                    + $"icml_face_data.csv; unpack it and give the one to use.");
        return tables.FirstOrDefault();

        static string NameOf(string path) => path.Split('/')[^1];
    }

    private static LimitedStream Limited(Stream stream, string name, FerLoadOptions options) =>
        new(stream, options.MaxBytes, () => TooLong(name, null, options));

    private static FerDataException TooLong(string name, long? length, FerLoadOptions options) =>
        new($"{name}: {(length is { } claimed ? $"claims {InMegabytes(claimed)} MB," : "unpacks to")} more than the "
            + $"{InMegabytes(options.MaxBytes)} MB that are accepted; if it is right, raise FerLoadOptions.MaxBytes.");

    private static string InMegabytes(long bytes) => (bytes / 1_000_000).Grouped();
}
