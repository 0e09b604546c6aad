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
    public void InnerArguments_Formatted_ReadBackTheSame()
    {
        var inner = new InnerArguments { ApiFd = 7, State = "/tmp/a=b c", Nodes = 3, Families = AddressFamilies.Dual, Mesh = true, Demo = true, Once = true };
        Assert.Equal(inner, InnerArguments.Parse(inner.Format()));
        Assert.Throws<ArgumentException>(() => InnerArguments.Parse(["nodes=2"]));
    }
}
