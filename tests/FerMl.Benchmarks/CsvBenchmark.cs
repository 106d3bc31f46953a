using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;

namespace FerMl.Benchmarks;

/// <summary>
/// Measures the loading of a CSV file of FER2013's size, 35,887 rows and about 287 MB: the first load of a process, and later ones.
/// </summary>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.ColdStart, launchCount: 5, iterationCount: 1, id: "first load")]
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 5, iterationCount: 10, id: "later loads")]
public class CsvBenchmark
{
    private const int Rows = 35_887;

    private readonly string _path = Path.Combine(Path.GetTempPath(), "ferml-benchmark", "fer2013.csv");

    [GlobalSetup]
    public void WriteFile()
    {
        if (!File.Exists(_path))
        {
            // Pixel values are distributed as in FER2013, so that a row has about 8,000 characters as there. The strings are built once.
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            var random = new Random(1);
            var words = Enumerable.Range(0, 256).Select(level => $"{level} ").ToArray();
            using var file = new StreamWriter(_path, append: false, new UTF8Encoding(false), 1 << 20);
            file.Write("emotion,pixels,Usage\n");
            for (var row = 0; row < Rows; row++)
            {
                file.Write($"{row % 7},");
                for (var i = 1; i < FaceResampler.PixelCount; i++)
                    file.Write(words[Math.Min(255, (random.Next(256) + random.Next(256)) * 9 / 16)]);
                file.Write($"{random.Next(256)},Training\n");
            }
        }
        Console.WriteLine($"// {_path}: {new FileInfo(_path).Length / 1e6:F0} MB");
    }

    [Benchmark]
    public int Load() => FerDataset.Load(_path).Count;
}
