using System.Diagnostics;
using System.Globalization;
using Ambient.Lab.Starting;
using Ambient.Lab.Tests.Clusters;

namespace Ambient.Lab.Tests.Commands;

/// <summary>A lab of its own, by the command: what it leaves behind, however it ends.</summary>
public sealed class LabLifetimeTests : IDisposable
{
    private readonly string state = Directory.CreateTempSubdirectory("lab-state-").FullName;
    private readonly string program = Path.Combine(LabFolders.Artifacts(), "bin/Ambient.Cli/release/ambientctl");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(state, recursive: true);

    [Theory]
    [InlineData("down")]
    [InlineData("kill the parent")]
    [InlineData("kill the lab")]
    public async Task Lab_ThatEnds_LeavesNothing(string how)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("AMBIENT_IN_NAMESPACE") == "1", "makes network namespaces: run it by eng/in-namespace");
        var before = Look();
        var up = await RunAsync(program, "lab", "up", "--without-mesh", "--nodes", "1", "--state", state);
        Assert.True(up.Code == 0, up.Output);
        var config = Path.Combine(state, "kubeconfig");
        var applied = await RunAsync("kubectl", "--kubeconfig", config, "create", "deployment", "left", "--image=debian", "--", "sh", "-c", "setsid sleep 12345 & exec sleep 12345");
        Assert.True(applied.Code == 0, applied.Output);
        var ready = await RunAsync("kubectl", "--kubeconfig", config, "rollout", "status", "deployment/left", "--timeout=20s");
        Assert.True(ready.Code == 0, ready.Output);
        Assert.NotEmpty(Sleepers());
        Assert.Equal(0, (await RunAsync(program, "lab", "status", "--state", state)).Code);

        await EndAsync(how);

        await Talk.UntilAsync(() => Task.FromResult(Sleepers()), s => s.Length == 0, "processes gone");
        Assert.Equal(before, Look());
        Assert.Equal(1, (await RunAsync(program, "lab", "status", "--state", state)).Code);
        Assert.Equal(0, (await RunAsync(program, "lab", "down", "--state", state)).Code);
        Assert.False(File.Exists(config), "the kubeconfig of a lab that is gone");
    }

    private async Task EndAsync(string how)
    {
        var parent = (await File.ReadAllTextAsync(Path.Combine(state, "pid"), Ct)).Split(' ')[0];
        var child = (await File.ReadAllTextAsync($"/proc/{parent}/task/{parent}/children", Ct)).Split(' ')[0];
        switch (how)
        {
            case "down":
                var down = await RunAsync(program, "lab", "down", "--state", state);
                Assert.True(down.Code == 0, down.Output);
                break;
            case "kill the parent":
                Process.GetProcessById(int.Parse(parent, CultureInfo.InvariantCulture)).Kill();
                break;
            default:
                Process.GetProcessById(int.Parse(child, CultureInfo.InvariantCulture)).Kill();
                break;
        }
    }

    /// <summary>Links, addresses, rules and mounts, as this test sees them; /run/netns is the other tests' own.</summary>
    private static string Look() => string.Join('\n',
        Run("ip", "-o", "link"), Run("ip", "-o", "address"), Run("nft", "list", "ruleset"),
        string.Join('\n', File.ReadLines("/proc/self/mountinfo").Where(l => !l.Contains(" /run/netns", StringComparison.Ordinal))));

    private static string Run(string name, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd();
    }

    private static string[] Sleepers() => [.. Directory.EnumerateDirectories("/proc").Where(d =>
    {
        try
        {
            return File.ReadAllText(d + "/cmdline").Contains("12345", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    })];

    private static async Task<(int Code, string Output)> RunAsync(string name, params string[] arguments)
    {
        var info = new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["HOME"] = "/tmp";
        info.Environment.Remove("AMBIENT_IN_NAMESPACE");
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync(Ct);
        var output = await process.StandardOutput.ReadToEndAsync(Ct) + await error;
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, output);
    }
}
