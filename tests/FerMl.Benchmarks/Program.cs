using System.Globalization;
using BenchmarkDotNet.Running;
using FerMl.Benchmarks;

// "--soak 10": ten minutes of predicting while models come and go.
if (args is ["--soak", var minutes])
    PredictionSoak.Run(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)));
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
