// What no fiscal document has a reason to hold. Each rule is tried on every file, member and attachment by itself.
// YARA-X: https://virustotal.github.io/yara-x/docs/writing_rules/anatomy-of-a-rule/

rule Eicar_Test_File {
    strings:
        // https://www.eicar.org/download-anti-malware-testfile/, as a pattern so that this file does not hold it
        $text = /X5O!P%@AP\[4\\PZX54\(P\^\)7CC\)7\}\$EICAR-STANDARD-[A]NTIVIRUS-TEST-FILE!\$H\+H\*/
    condition:
        $text
}

rule Executable_Windows {
    strings:
        $stub = "This program cannot be run in DOS mode"
    condition:
        // by itself: "MZ", then a plausible size of the last page (text would be far larger), or a shell link
        (uint16(0) == 0x5A4D and uint16(2) < 512)
        or (uint32(0) == 0x0000004C and uint32(4) == 0x00021401)
        // inside of something else: the usual stub 0x4E behind an MZ whose header leads to "PE\0\0"
        or for any i in (1..#stub) : (
            @stub[i] >= 0x4E
            and uint16(@stub[i] - 0x4E) == 0x5A4D
            and uint32(@stub[i] - 0x4E + uint32(@stub[i] - 0x4E + 0x3C)) == 0x00004550
        )
}

rule Executable_Unix {
    condition:
        uint32(0) == 0x464C457F                                      // ELF
        or uint32(0) == 0xFEEDFACE or uint32(0) == 0xFEEDFACF        // Mach-O
        or uint32(0) == 0xCEFAEDFE or uint32(0) == 0xCFFAEDFE
        or uint32(0) == 0xBEBAFECA                                   // Mach-O for several processors, Java class
        or uint32(0) == 0x0A786564 or uint32(0) == 0x6D736100        // Android, WebAssembly
}

rule Script_File {
    strings:
        $batch = /^[ \t\r\n@]{0,16}echo off\s/ nocase
    condition:
        (uint16(0) == 0x2123 and (uint8(2) == 0x2F or uint8(2) == 0x20))   // "#!/", "#! "
        or $batch at 0
}

rule Script_Application {
    strings:
        $hta = "<hta:application" nocase
        $script = "<script" nocase
        $scriptlet = "<scriptlet" nocase
        $job = "<job" nocase
        $shell = "WScript.Shell" nocase
        $activex = "new ActiveXObject" nocase
        $file_system = "Scripting.FileSystemObject" nocase
        $application = "Shell.Application" nocase
    condition:
        $hta or ($script or $scriptlet or $job) and ($shell or $activex or $file_system or $application)
}

rule Office_Macro_Autorun {
    strings:
        // Names of event procedures. The compression of [MS-OVBA] 2.4.1 puts a flag byte after every eighth token,
        // so any one byte may stand between two letters; "Workbook" itself is often a reference backwards.
        $auto = /A.?u.?t.?o.?_?.?(O.?p.?e.?n|C.?l.?o.?s.?e|E.?x.?e.?c)/ nocase
        $document = /D.?o.?c.?u.?m.?e.?n.?t.?_.?(O.?p.?e.?n|C.?l.?o.?s.?e|N.?e.?w)/ nocase
        $event = /_.?(O.?p.?e.?n|B.?e.?f.?o.?r.?e.?C.?l.?o.?s.?e|A.?c.?t.?i.?v.?a.?t.?e).?\(.?\)/ nocase
        $project = "_VBA_PROJECT" wide
    condition:
        uint32(0) == 0xE011CFD0 and $project and ($auto or $document or $event)
}

rule Office_Macro_Sheet_Autorun {
    strings:
        $auto = /<(\w{1,8}:)?definedName[^>]{0,200}name="(_xlnm\.)?Auto_(Open|Close|Activate)/ nocase
    condition:
        $auto
}
