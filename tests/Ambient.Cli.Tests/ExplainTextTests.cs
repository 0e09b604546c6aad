namespace Ambient.Cli.Tests;

public sealed class ExplainTextTests
{
    private static readonly string Shop = SourceTree.Of("tests/Ambient.Cli.Tests/cases/compile-shop/input.yaml");

    [Fact]
    public async Task Explain_Denied_DrawsTheWayAndMarksTheDecidingPolicy()
    {
        CommandRun run = await CommandRun.OfAsync("explain", "-f", Shop, "--from", "web/front", "--to", "shop/orders:9000");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("║   server spiffe://cluster.local/ns/shop/sa/orders", run.Output, StringComparison.Ordinal);
        Assert.Contains("✗ ztunnel of shop/orders  ends here", run.Output, StringComparison.Ordinal);
        Assert.Contains("✗ DENY    AuthorizationPolicy shop/no-admin  matched  ◄ decided", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("DENY (401): denied by AuthorizationPolicy shop/no-admin rule 0\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_Yaml_HasTheKeysOfTheJson()
    {
        CommandRun run = await CommandRun.OfAsync("explain", "-f", Shop, "--from", "web/front", "--to", "orders.shop:80", "-o", "yaml");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("outcome: allow", run.Output, StringComparison.Ordinal);
        Assert.Contains("  decided: true", run.Output, StringComparison.Ordinal);
    }
}
