using Ambient.Lab.Commands;

namespace Ambient.Lab.Tests.Commands;

public sealed class LabProcessTests
{
    [Fact]
    public void Process_ThatRuns_IsAliveUnderItsOwnStartTimeOnly()
    {
        var me = LabProcess.Of(Environment.ProcessId);
        Assert.True(me.IsAlive);
        Assert.Equal(me, LabProcess.Parse(me.ToString()));
        Assert.False(new LabProcess(me.Id, "1").IsAlive);
        Assert.Null(LabProcess.Parse("no process"));
    }

    [Fact]
    public void StateFolder_OfOthers_IsRefused()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var inner = Path.Combine(folder.FullName, "state");
            StateFolder.At(inner).Make();
            StateFolder.At(inner).Make();
#pragma warning disable CA1416 // a lab is Linux only
            File.SetUnixFileMode(inner, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead);
#pragma warning restore CA1416
            Assert.Throws<InvalidOperationException>(StateFolder.At(inner).Make);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task StateFolder_ClaimedByAnother_IsLeftAloneAndTheOtherIsNamed()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var state = StateFolder.At(Path.Combine(folder.FullName, "state"));
            state.Make();
            using (state.Claim())
            {
                await File.WriteAllTextAsync(state.Kubeconfig, "of the other", TestContext.Current.CancellationToken);
                foreach (var command in (Func<TextWriter, Task<int>>[])
                [
                    o => LabCommands.UpAsync(new LabUpOptions { StateDirectory = state.Path }, o, TestContext.Current.CancellationToken),
                    o => LabCommands.DemoAsync(new LabUpOptions { StateDirectory = state.Path }, once: true, o, TestContext.Current.CancellationToken),
                    o => LabCommands.DownAsync(state.Path, o, TestContext.Current.CancellationToken),
                ])
                {
                    using var output = new StringWriter();
                    Assert.Equal(1, await command(output));
                    Assert.Equal(
                        $"another lab is being started or ended in {state.Path} just now (pid {Environment.ProcessId}): wait for that, or use another --state\n",
                        output.ToString());
                    Assert.True(File.Exists(state.Kubeconfig));
                }
            }

            using var after = new StringWriter();
            Assert.Equal(0, await LabCommands.DownAsync(state.Path, after, TestContext.Current.CancellationToken));
            Assert.Equal("no lab is up\n", after.ToString());
            Assert.False(File.Exists(state.Kubeconfig));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Down_WithoutAStateFolder_FindsNoLab()
    {
        using var output = new StringWriter();

        Assert.Equal(0, await LabCommands.DownAsync(Path.Combine(Path.GetTempPath(), "no-lab-was-here"), output, TestContext.Current.CancellationToken));

        Assert.Equal("no lab is up\n", output.ToString());
    }

    [Fact]
    public void InnerArguments_Formatted_ReadBackTheSame()
    {
        var inner = new InnerArguments { ApiFd = 7, State = "/tmp/a=b c", Nodes = 3, Families = AddressFamilies.Dual, Mesh = true, Demo = true, Once = true };
        Assert.Equal(inner, InnerArguments.Parse(inner.Format()));
        Assert.Throws<ArgumentException>(() => InnerArguments.Parse(["nodes=2"]));
    }
}
