using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(Ambient.Lab.Tests.Clusters.LabFixture))]

namespace Ambient.Lab.Tests.Clusters;

/// <summary>One dual-stack lab of two nodes for all tests that do not need their own, started by the first that asks; each test uses its own Kubernetes namespace.</summary>
public sealed class LabFixture : IAsyncDisposable
{
    private readonly Lazy<Task<LabCluster>> lab;
    private readonly ILoggerFactory logging = LoggerFactory.Create(b => b.AddProvider(new StderrLogger()).SetMinimumLevel(LogLevel.Warning));

    public LabFixture()
    {
        // Its life is the whole run's, not that of the test which happens to be the first.
        lab = new(() => LabCluster.StartAsync(new LabOptions { Families = AddressFamilies.Dual, Logging = logging }, CancellationToken.None));
    }

    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);

    public Task<LabCluster> LabAsync()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("AMBIENT_IN_NAMESPACE") == "1", "makes network namespaces: run it by eng/in-namespace");
        return lab.Value;
    }

    public async ValueTask DisposeAsync()
    {
        if (lab.IsValueCreated)
        {
            await (await lab.Value).DisposeAsync();
        }

        logging.Dispose();
    }
}
