using System.Globalization;
using BenchmarkDotNet.Running;
using FerMl.Benchmarks;

// "--soak 10" predicts for ten minutes while models are opened and disposed of.
if (args is ["--soak", var minutes])
    PredictionSoak.Run(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)));
// "--load http://localhost:5080 200 5" runs 200 clients of a service for five minutes.
else if (args is ["--load", var address, var clients, var length])
    await ServiceLoad.RunAsync(
        new Uri(address), int.Parse(clients, CultureInfo.InvariantCulture),
        TimeSpan.FromMinutes(double.Parse(length, CultureInfo.InvariantCulture)));
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
