using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(Ambient.Lab.Tests.LabFixture))]

namespace Ambient.Lab.Tests;

/// <summary>One lab of two nodes for all tests that do not need their own; each test uses its own Kubernetes namespace.</summary>
public sealed class LabFixture : IAsyncLifetime
{
    private ILoggerFactory? logging;
    private LabCluster? lab;

    public LabCluster Lab => lab ?? throw new InvalidOperationException("the lab is not up");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("AMBIENT_IN_NAMESPACE") == "1", "needs namespaces: run it by eng/in-namespace");
        logging = LoggerFactory.Create(b => b.AddProvider(new StderrLogger()).SetMinimumLevel(LogLevel.Warning));
        lab = await LabCluster.StartAsync(new LabOptions { Families = AddressFamilies.Dual, Logging = logging }, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (lab is not null)
        {
            await lab.DisposeAsync();
        }

        logging?.Dispose();
    }
}
