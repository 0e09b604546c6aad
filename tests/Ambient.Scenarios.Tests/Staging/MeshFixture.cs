using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(Ambient.Scenarios.Tests.Staging.MeshFixture))]

namespace Ambient.Scenarios.Tests.Staging;

/// <summary>A lab of two nodes with operator and ztunnels. As assembly fixture: the one that all scenarios share that leave the mesh itself alone.</summary>
public class MeshFixture : IAsyncLifetime
{
    private ILoggerFactory? _logging;
    private LabCluster? _lab;

    public LabCluster Lab => _lab ?? throw new InvalidOperationException("the lab is not up");

    /// <summary>What a program of the lab's own stands in for: an image that users' manifests name and that is not on this machine.</summary>
    protected virtual LabOptions Options => new()
    {
        Images = new Dictionary<string, string>
        {
            ["nicolaka/netshoot"] = Built("Ambient.Echo", "ambient-echo"),
            ["myregistry/orders-service"] = Built("Ambient.Shop", "ambient-shop"),
        },
    };

    /// <summary>A program that was built beside the tests.</summary>
    public static string Built(string project, string program) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, "release", program));

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("AMBIENT_IN_NAMESPACE") == "1", "needs namespaces: run it by eng/in-namespace");
        _logging = LoggerFactory.Create(b => b.AddProvider(new StderrLogger()).SetMinimumLevel(LogLevel.Warning));
        _lab = await LabCluster.StartAsync(Options with { Mesh = true, Logging = _logging }, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _logging?.Dispose();
        GC.SuppressFinalize(this);
    }
}
