using System.Globalization;
using BenchmarkDotNet.Running;
using FerMl.Benchmarks;

// "--soak 10": ten minutes of predicting while models come and go.
if (args is ["--soak", var minutes])
    PredictionSoak.Run(TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)));
// "--load http://localhost:5080 200 5": two hundred clients of a service, for five minutes.
else if (args is ["--load", var address, var clients, var length])
    await ServiceLoad.RunAsync(
        new Uri(address), int.Parse(clients, CultureInfo.InvariantCulture),
        TimeSpan.FromMinutes(double.Parse(length, CultureInfo.InvariantCulture)));
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
