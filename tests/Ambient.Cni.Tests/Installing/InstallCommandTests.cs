using System.Text.Json.Nodes;
using Ambient.Cni.Installing;
using Ambient.Testing;

namespace Ambient.Cni.Tests.Installing;

public sealed class InstallCommandTests : IDisposable
{
    private const string List = """{"cniVersion":"1.0.0","name":"k8s","plugins":[{"type":"bridge"}]}""";

    private readonly string _root = Directory.CreateTempSubdirectory("ambient-cni").FullName;
    private readonly StringWriter _output = new(), _errors = new();
    private readonly ManualTime _time = new();

    public InstallCommandTests()
    {
        Directory.CreateDirectory(Program);
        Directory.CreateDirectory(Networks);
        File.WriteAllText(Path.Combine(Program, "ambient-cni"), "program 1");
        File.WriteAllText(Path.Combine(Program, "ambient-cni.dll"), "library");
        File.WriteAllText(Path.Combine(Program, "ambient-cni.pdb"), "not needed");
    }

    private string Program => Path.Combine(_root, "app");

    private string Binaries => Path.Combine(_root, "bin");

    private string Networks => Path.Combine(_root, "net.d");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task First_configuration_by_name_is_joined_and_its_original_kept()
    {
        Write("20-second.conflist", List);
        Write("10-first.conflist", List);
        Write("05-readme.txt", "not one");
        File.SetUnixFileMode(Path.Combine(Networks, "10-first.conflist"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(0, await RunAsync("install"));

        Assert.Equal(["bridge", "ambient-cni"], Types("10-first.conflist"));
        Assert.Equal(List, Read("10-first.conflist.ambient-original"));
        Assert.Equal(List, Read("20-second.conflist"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Networks, "10-first.conflist")));
        Assert.Equal("program 1", await File.ReadAllTextAsync(Path.Combine(Binaries, "ambient-cni"), TestContext.Current.CancellationToken));
        string home = Path.GetDirectoryName(Path.Combine(Binaries, new FileInfo(Path.Combine(Binaries, "ambient-cni")).LinkTarget!))!;
        Assert.Equal(["ambient-cni", "ambient-cni.dll"], Directory.GetFiles(home).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Again_changes_nothing_and_another_program_replaces_the_first()
    {
        Write("10.conflist", List);
        await RunAsync("install");
        DateTime before = File.GetLastWriteTimeUtc(Path.Combine(Networks, "10.conflist"));

        Assert.Equal(0, await RunAsync("install"));
        Assert.Equal(before, File.GetLastWriteTimeUtc(Path.Combine(Networks, "10.conflist")));
        Assert.Contains("up to date", _output.ToString());
        for (int i = 2; i < 5; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(Program, "ambient-cni"), $"program {i}", TestContext.Current.CancellationToken);
            Assert.Equal(0, await RunAsync("install"));
        }

        Assert.Equal("program 4", await File.ReadAllTextAsync(Path.Combine(Binaries, "ambient-cni"), TestContext.Current.CancellationToken));
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(Binaries, "ambient-cni.d")).Length);
    }

    [Fact]
    public async Task Single_configuration_makes_way_for_a_list_and_comes_back()
    {
        const string single = """{"cniVersion":"0.3.1","name":"one","type":"ptp"}""";
        Write("10-one.conf", single);

        Assert.Equal(0, await RunAsync("install"));
        Assert.Equal(["ptp", "ambient-cni"], Types("10-one.conflist"));
        Assert.False(File.Exists(Path.Combine(Networks, "10-one.conf")));

        Assert.Equal(0, await RunAsync("uninstall"));
        Assert.Equal(["10-one.conf"], Names());
        Assert.Equal(single, Read("10-one.conf"));
    }

    [Fact]
    public async Task Uninstalled_nothing_stays_and_others_changes_do()
    {
        Write("10.conflist", List);
        await RunAsync("install");
        Write("10.conflist", Read("10.conflist").Replace("\"bridge\"", "\"calico\"", StringComparison.Ordinal));

        Assert.Equal(0, await RunAsync("uninstall"));

        Assert.Equal(["calico"], Types("10.conflist"));
        Assert.Equal(["10.conflist"], Names());
        Assert.Empty(Directory.GetFileSystemEntries(Binaries));
        Assert.Equal(0, await RunAsync("uninstall"));
    }

    [Fact]
    public async Task Damaged_configuration_is_left_alone_with_a_word()
    {
        Write("10.conflist", "{");
        Write("20.conflist", List);

        Assert.Equal(0, await RunAsync("install"));

        Assert.Equal("{", Read("10.conflist"));
        Assert.Equal(["bridge", "ambient-cni"], Types("20.conflist"));
        Assert.Contains("10.conflist is left alone", _errors.ToString());
    }

    [Fact]
    public async Task Configuration_that_comes_later_is_waited_for()
    {
        Task<int> installing = RunAsync("install");
        while (_time.ActiveTimers == 0)
        {
            await Task.Yield();
        }

        Assert.False(installing.IsCompleted);
        Write("10.conflist", List);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, await installing);
        Assert.Equal(["bridge", "ambient-cni"], Types("10.conflist"));
    }

    [Fact]
    public async Task Configuration_that_never_comes_is_an_error_in_bounded_time()
    {
        Task<int> installing = RunAsync("install", "--wait=2");
        while (!installing.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        Assert.Equal(1, await installing);
        Assert.Contains("within 2 s", _errors.ToString());
    }

    [Theory]
    [InlineData("--wait=long", "--wait is 'long'")]
    [InlineData("--color", "'--color' is not known")]
    [InlineData("--bin-dir=", "--bin-dir is missing")]
    [InlineData("--socket", "--socket has no value")]
    public async Task Wrong_words_are_named(string word, string message)
    {
        Assert.Equal(2, await RunAsync("install", word));
        Assert.Contains(message, _errors.ToString());
    }

    private Task<int> RunAsync(string what, params string[] more) => InstallCommand.RunAsync(
        [what, $"--bin-dir={Binaries}", "--conf-dir", Networks, .. more], Program, _output, _errors, _time);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(Networks, name), text);

    private string Read(string name) => File.ReadAllText(Path.Combine(Networks, name));

    private IEnumerable<string?> Types(string name) => JsonNode.Parse(Read(name))!["plugins"]!.AsArray().Select(p => (string?)p!["type"]);

    private IEnumerable<string?> Names() => Directory.GetFiles(Networks).Select(Path.GetFileName).Order();
}
