using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ambient.Kube.Http;

/// <summary>One kubeconfig file as YAML nodes, with the folder that its relative names start from.</summary>
internal sealed class KubeConfigFile(YamlMappingNode root, string name, string folder)
{
    public string Name { get; } = name;

    public string? CurrentContext => Text(root, "current-context");

    public static KubeConfigFile[] DefaultPaths()
    {
        string? list = Environment.GetEnvironmentVariable("KUBECONFIG");
        string[] paths = string.IsNullOrEmpty(list)
            ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")]
            : list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        KubeConfigFile[] files = [.. paths.Where(File.Exists).Select(path => (KubeConfigFile)path)];
        return files.Length > 0 ? files : throw new KubeConfigException($"no kubeconfig: {string.Join(", ", paths)} is not there");
    }

    public static implicit operator KubeConfigFile(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path, Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"{path}: {e.Message}", e);
        }
    }

    public static KubeConfigFile Parse(string yaml, string name, string folder)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            throw new KubeConfigException($"{name}: line {e.Start.Line}: {e.Message}", e);
        }

        return stream.Documents is [{ RootNode: YamlMappingNode node }, ..]
            ? new KubeConfigFile(node, name, folder)
            : throw new KubeConfigException($"{name}: not a kubeconfig");
    }

    /// <summary>The entry called <paramref name="entry"/> of the list <paramref name="list"/>: its <paramref name="field"/> mapping.</summary>
    public YamlMappingNode? Find(string list, string entry, string field) =>
        root.Children.TryGetValue(list, out YamlNode? items) && items is YamlSequenceNode sequence
            ? sequence.Children.OfType<YamlMappingNode>().FirstOrDefault(item => Text(item, "name") == entry) is { } found
                ? Mapping(found, field) ?? new YamlMappingNode()
                : null
            : null;

    public static YamlMappingNode? Mapping(YamlMappingNode node, string field) =>
        node.Children.TryGetValue(field, out YamlNode? value) ? value as YamlMappingNode : null;

    public static IEnumerable<YamlNode> Items(YamlMappingNode node, string field) =>
        node.Children.TryGetValue(field, out YamlNode? value) && value is YamlSequenceNode items ? items.Children : [];

    public static string? Text(YamlMappingNode node, string field) =>
        node.Children.TryGetValue(field, out YamlNode? value) && value is YamlScalarNode { Value: { Length: > 0 } text } ? text : null;

    /// <summary>PEM text from <c>field-data</c> (base64) or from the file that <c>field</c> names.</summary>
    public string? Pem(YamlMappingNode node, string field)
    {
        if (Text(node, field + "-data") is { } data)
        {
            try
            {
                return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }
            catch (FormatException e)
            {
                throw new KubeConfigException($"{Name}: {field}-data is not base64", e);
            }
        }

        return Text(node, field) is { } path ? File.ReadAllText(Resolve(path)) : null;
    }

    public string Resolve(string path) => Path.GetFullPath(path, folder);
}
