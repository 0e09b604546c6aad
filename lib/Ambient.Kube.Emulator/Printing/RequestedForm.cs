namespace Ambient.Kube.Emulator.Printing;

internal enum FormKind
{
    Plain,
    Table,
    Metadata,
}

/// <summary>Form that an Accept header asks for: the first of its choices that we have.</summary>
internal readonly record struct RequestedForm(FormKind Kind, string Version)
{
    public static RequestedForm Of(string accept)
    {
        foreach (string choice in accept.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = choice.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] is not ("application/json" or "*/*" or "application/*"))
            {
                continue;
            }

            string Value(string name) => parts.Skip(1).FirstOrDefault(p => p.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? "";
            string version = Value("v");
            switch (Value("as"))
            {
                case "":
                    return default;
                case "Table" when version is "v1" or "v1beta1":
                    return new RequestedForm(FormKind.Table, version);
                case "PartialObjectMetadata" or "PartialObjectMetadataList" when version is "v1" or "v1beta1":
                    return new RequestedForm(FormKind.Metadata, version);
            }
        }

        return default;
    }
}
