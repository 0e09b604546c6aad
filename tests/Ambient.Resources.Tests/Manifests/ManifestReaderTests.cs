using System.Text;
using System.Text.Json.Nodes;
using Ambient.Resources.Manifests;

namespace Ambient.Resources.Tests.Manifests;

public sealed class ManifestReaderTests
{
    private const string Pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n";

    [Fact]
    public void Documents_ThatAreGood_SurviveABadOneBetweenThem()
    {
        var set = Read(Pod + "---\nkind: [unclosed\n---\n" + Pod);
        Assert.Equal([(1, 1), (3, 7)], set.Objects.Select(o => (o.Document, o.Line - (o.Document == 3 ? 1 : 0))));
        var error = Assert.Single(set.Errors);
        Assert.Equal(("test.yaml", 2), (error.File, error.Document));
        Assert.Contains("is not YAML", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_OfAnObject_KnowTheirLines()
    {
        var set = Read("# comment\n" + Pod + "spec:\n  containers:\n    - name: x\n      ports:\n        - containerPort: 80\n");
        var pod = Assert.Single(set.Objects);
        Assert.Equal(2, pod.LineOf("apiVersion"));
        Assert.Equal(10, pod.LineOf("spec.containers[0].ports[0].containerPort"));
        Assert.Equal(8, pod.LineOf("spec.containers[0].name.absent"));
    }

    [Theory]
    [InlineData("kind: Pod\nmetadata: { name: a }\n", "apiVersion")]
    [InlineData("apiVersion: v1\nmetadata: { name: a }\n", "kind")]
    [InlineData("apiVersion: v1\nkind: 7\nmetadata: { name: a }\n", "kind")]
    [InlineData("apiVersion: v1\nkind: Pod\n", "metadata")]
    [InlineData("apiVersion: v1\nkind: Pod\nmetadata: {}\n", "metadata.name")]
    [InlineData("apiVersion: v1\nkind: Pod\nmetadata: { name: 5 }\n", "metadata.name")]
    [InlineData("apiVersion: v1\nkind: Pod\nmetadata: { name: a, name: b }\n", "metadata.name")]
    [InlineData("- a\n", "")]
    public void Object_WithoutWhatItNeeds_IsAnErrorThatNamesTheField(string yaml, string field)
    {
        var set = Read(yaml);
        Assert.Empty(set.Objects);
        Assert.Equal(field, Assert.Single(set.Errors).Field);
    }

    [Fact]
    public void InvalidUtf8_IsAnErrorWithItsLine_AndOtherDocumentsAreRead()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(Pod + "---\nkind: x\nname: "), 0xC3, 0x28, .. "\n---\n"u8, .. Encoding.UTF8.GetBytes(Pod)];
        var set = ManifestReader.ReadText(bytes, "test.yaml");
        Assert.Equal(2, set.Objects.Length);
        var error = Assert.Single(set.Errors);
        Assert.Equal((2, 7), (error.Document, error.Line));
        Assert.Contains("UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AliasBomb_IsRefusedBeforeItGrows()
    {
        var yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++)
        {
            yaml.Append($"a{i}: &a{i} [").Append(string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))).Append("]\n");
        }

        Assert.Contains("aliases expanded", Assert.Single(Read(yaml.ToString()).Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(100, false)]
    [InlineData(20_000, false)]
    public void Nesting_BeyondTheBound_IsRefused(int depth, bool fine)
    {
        var set = Read(Pod + "data: " + new string('[', depth) + new string(']', depth) + "\n");
        Assert.Equal(fine, set.Errors.IsEmpty);
    }

    [Fact]
    public void ObjectOverTenMegabytes_IsRefusedBySize()
    {
        var set = Read(Pod + "data: " + new string('x', 10 * 1024 * 1024) + "\n---\n" + Pod);
        Assert.Single(set.Objects);
        Assert.Contains("bytes", Assert.Single(set.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scalars_AreReadAsKubectlReadsThem()
    {
        var data = Read(Pod + "d: [yes, 'yes', off, 0x10, 010, 0o10, 1.5, -3, 1e3, ~, null, 1.2.3, 10.0.0.1, '5', 5s, 1_000, .5]\n").Objects[0].Content["d"]!;
        Assert.Equal("""[true,"yes",false,16,8,8,1.5,-3,1000,null,null,"1.2.3","10.0.0.1","5","5s",1000,0.5]""", Normal(data));
    }

    [Fact]
    public void Json_AndLists_AreReadToo()
    {
        var set = Read("""{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}},{"apiVersion":"v1","kind":"Pod","metadata":{"name":"b"}}]}""");
        Assert.Equal(["a", "b"], set.Objects.Select(o => (string)o.Content["metadata"]!["name"]!));
    }

    [Fact]
    public void AnchorsAndMergeKeys_AreExpanded()
    {
        var content = Read(Pod + "base: &b { x: 1, y: 2 }\nover: { <<: *b, y: 3 }\n").Objects[0].Content;
        Assert.Equal("""{"y":3,"x":1}""", Normal(content["over"]!));
    }

    [Fact]
    public void EmptyDocumentsAndComments_AreNothing() => Assert.Equal((0, 0), (Read("---\n# only\n---\n\n...\n").Objects.Length, Read("---\n---\n").Errors.Length));

    [Fact]
    public void MissingFile_IsAnErrorThatNamesIt()
    {
        var error = Assert.Single(ManifestReader.Read(["/nowhere/at/all.yaml"]).Errors);
        Assert.Equal("/nowhere/at/all.yaml", error.File);
    }

    private static ManifestSet Read(string text) => ManifestReader.ReadText(Encoding.UTF8.GetBytes(text), "test.yaml");

    private static string Normal(JsonNode node) => node.ToJsonString();
}
