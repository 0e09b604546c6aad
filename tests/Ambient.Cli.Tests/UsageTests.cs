namespace Ambient.Cli.Tests;

public sealed class UsageTests
{
    private static readonly string Shop = SourceTree.Of("tests/Ambient.Cli.Tests/cases/compile-shop/input.yaml");

    // Rows: arguments, exit code, a word of the message.
    [Theory]
    [InlineData("explain", 2, "--from")]
    [InlineData("nonsense", 2, "nonsense")]
    [InlineData("version -o xml", 2, "choose table, wide, json or yaml")]
    [InlineData("compile -f /does/not/exist.yaml", 2, "no such file")]
    [InlineData("explain -f SHOP --from web/front --to orders.shop", 2, "HOST:PORT")]
    [InlineData("explain -f SHOP --from web/front --to orders.shop:0", 2, "from 1 to 65535")]
    [InlineData("explain -f SHOP --from web/front --to orders.shop:70000", 2, "from 1 to 65535")]
    [InlineData("explain -f SHOP --from web/nobody --to orders.shop:80", 2, "pods of web are: front")]
    [InlineData("explain -f SHOP --from nowhere/x --to orders.shop:80", 2, "namespaces with pods are: out, shop, web")]
    [InlineData("explain -f SHOP --from front --to orders.shop:80", 2, "NAMESPACE/NAME")]
    [InlineData("explain -f SHOP --from web/front --to payments.shop:80", 2, "orders.shop.svc.cluster.local")]
    [InlineData("explain -f SHOP --from web/front --to http://orders.shop/ --method a/b", 2, "a method is one word")]
    [InlineData("explain -f SHOP --from web/front --to http://user@orders.shop/", 2, "without a user name")]
    [InlineData("explain -f SHOP --from web/front --to http://orders.shop:70000/", 2, "a port from 1 to 65535")]
    [InlineData("explain -f SHOP --from web/front --to http://orders.shop/ --header a/b=c", 2, "is no name of a header")]
    [InlineData("explain -f SHOP --batch SHOP --from web/front", 2, "--batch has its own questions")]
    [InlineData("explain --kubeconfig /does/not/exist --from a/b --to c:80", 3, "lab up")]
    [InlineData("completion tcsh", 2, "tcsh")]
    [InlineData("compil", 2, "did you mean 'compile'")]
    [InlineData("explain --form web/front", 2, "did you mean '--from'")]
    public async Task Command_WronglyUsed_SaysWhatAndWhatNext(string arguments, int code, string word)
    {
        CommandRun run = await CommandRun.OfAsync(arguments.Replace("SHOP", Shop, StringComparison.Ordinal).Split(' '));

        Assert.Equal(code, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(word, run.Error, StringComparison.Ordinal);
        Assert.Contains("next:", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Completion_EachShell_AsksThisProgram(string shell)
    {
        CommandRun run = await CommandRun.OfAsync("completion", shell);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("[suggest:", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ambientctl expl", "explain")]
    [InlineData("ambientctl explain --fr", "--from")]
    [InlineData("ambientctl explain -o j", "json")]
    public async Task Suggest_PartOfALine_OffersTheRest(string line, string offered)
    {
        CommandRun run = await CommandRun.OfAsync($"[suggest:{line.Length}]", line);

        Assert.Contains(offered, run.Output.Split('\n', StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task Help_OfNothing_ListsTheCommands()
    {
        CommandRun run = await CommandRun.OfAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("explain", run.Output, StringComparison.Ordinal);
    }
}
