namespace Ambient.Kube.Emulator.Schemas;

/// <summary>
/// Reads the .schema files of this folder: a line a field, <c>name[!] TYPE {attribute} [: description]</c>.
/// <c>!</c> is required; <c>[T]</c> a list, <c>{T}</c> a map; <c>=x</c> a default, <c>|a|b</c> an enum, <c>map=k</c> a list with keys,
/// <c>merge=k</c> a strategic merge key, <c>set</c>, <c>patch</c>, <c>retain</c>, <c>atomic</c> as in the API conventions;
/// <c>#n</c> is the field's protobuf number, <c>#n.m</c> where the wire nests it in one more message.
/// </summary>
internal sealed class SchemaText
{
    private readonly Dictionary<string, Schema> types = new(StringComparer.Ordinal);
    private readonly List<(Schema Holder, string Type)> pending = [];
    private readonly List<KindLine> kinds = [];
    private readonly List<(Schema Copy, string Original)> likes = [];
    private string package = "";
    private string group = "";
    private string version = "";

    public IReadOnlyList<KindLine> Kinds => kinds;

    public IReadOnlyDictionary<string, Schema> Types => types;

    public static SchemaText ReadAll()
    {
        var text = new SchemaText();
        foreach (string name in (string[])["meta", "core", "pods", "containers", "apps", "others", "reviews"])
        {
            using Stream stream = typeof(SchemaText).Assembly.GetManifestResourceStream($"{name}.schema")
                ?? throw new InvalidOperationException($"{name}.schema is not embedded");
            using var reader = new StreamReader(stream);
            text.Read(reader.ReadToEnd());
        }

        text.Resolve();
        return text;
    }

    private void Read(string text)
    {
        Schema? current = null;
        foreach (string line in text.Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            (string head, string? description) = Split(line);
            string[] words = head.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line[0] == ' ')
            {
                AddField(current!, words, description);
                continue;
            }

            current = words[0] switch
            {
                "package" => SetPackage(words[1]),
                "group" => SetGroup(words[1], words[2]),
                "type" => AddType(words, description),
                _ => AddKind(words, description),
            };
        }
    }

    private Schema? SetPackage(string name)
    {
        package = name;
        return null;
    }

    private Schema? SetGroup(string name, string of)
    {
        (group, version) = (name == "core" ? "" : name, of);
        return null;
    }

    private Schema AddType(string[] words, string? description)
    {
        var schema = new Schema { Type = "object", Description = description, Component = $"{package}.{words[1]}" };
        schema.AtomicMap = words.Contains("atomic");
        types[words[1]] = schema;
        if (words is [_, _, "like", var original])
        {
            likes.Add((schema, original));
        }

        return schema;
    }

    private Schema AddKind(string[] words, string? description)
    {
        var schema = new Schema { Type = "object", Description = description, Component = $"{package}.{words[1]}" };
        AddField(schema, ["apiVersion", "string"], "Group and version of this form of the object");
        AddField(schema, ["kind", "string"], "Kind of the object");
        AddField(schema, ["metadata", "ObjectMeta", "#1"], "Name, labels and what the server adds");
        types[$"{group}/{version}/{words[1]}"] = schema;
        kinds.Add(new KindLine(group, version, words[1], words[2], words[3] == "-" ? [] : words[3].Split(','), [.. words.Skip(4)], schema));
        return schema;
    }

    private void AddField(Schema owner, string[] words, string? description)
    {
        bool required = words[0].EndsWith('!');
        string name = words[0].TrimEnd('!');
        Schema field = TypeOf(words[1]);
        field.Description = description;
        if (required)
        {
            owner.Required.Add(name);
        }

        foreach (string attribute in words.Skip(2))
        {
            SchemaAttribute.Apply(field, attribute);
        }

        owner.Properties[name] = field;
    }

    private Schema TypeOf(string word)
    {
        if (word[0] == '[')
        {
            return new Schema { Type = "array", Items = TypeOf(word[1..^1]) };
        }

        if (word[0] == '{')
        {
            return new Schema { Type = "object", AdditionalProperties = TypeOf(word[1..^1]) };
        }

        Schema? scalar = word switch
        {
            "string" => new Schema { Type = "string" },
            "int" => new Schema { Type = "integer", Format = "int32" },
            "long" => new Schema { Type = "integer", Format = "int64" },
            "bool" => new Schema { Type = "boolean" },
            "time" => new Schema { Type = "string", Format = "date-time", Nullable = true },
            "micro" => new Schema { Type = "string", Format = "date-time", Nullable = true },
            "bytes" => new Schema { Type = "string", Format = "byte" },
            "qty" => new Schema { Format = "quantity", IntOrString = true },
            "intstr" => new Schema { Format = "int-or-string", IntOrString = true },
            "any" => new Schema { PreserveUnknown = true },
            _ => null,
        };
        if (scalar is not null)
        {
            return scalar;
        }

        var use = new Schema();
        pending.Add((use, word));
        return use;
    }

    private void Resolve()
    {
        foreach ((Schema copy, string original) in likes)
        {
            foreach ((string name, Schema field) in types[original].Properties)
            {
                copy.Properties.TryAdd(name, field);
            }

            copy.Required.AddRange(types[original].Required);
        }

        foreach ((Schema holder, string type) in pending)
        {
            holder.Target = types.TryGetValue(type, out Schema? target)
                ? target
                : throw new InvalidOperationException($"a .schema file names the unknown type {type}");
        }
    }

    private static (string Head, string? Description) Split(string line)
    {
        int at = line.IndexOf(" : ", StringComparison.Ordinal);
        return at < 0 ? (line, null) : (line[..at], line[(at + 3)..].Trim());
    }
}
